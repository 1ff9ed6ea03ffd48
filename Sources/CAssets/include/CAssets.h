extern int packhouse_assets;
