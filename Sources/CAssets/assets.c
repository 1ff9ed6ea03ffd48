int packhouse_assets;
