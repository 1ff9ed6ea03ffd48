extension Identifier where Entity == Company {
  /// Stands for the installation itself where a chain of activity belongs to no company, such as changes of provider
  /// accounts. Ids of companies are shorter, so none is the same. Rule G-20.
  public static var installation: CompanyID { CompanyID("installation") }
}
