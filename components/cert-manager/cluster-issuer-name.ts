/** The issuer of every public certificate of a cluster. */
export const clusterIssuerName = "letsencrypt";
