/** The state of git that Argo CD follows. */
export interface GitSource {
  /** Address of the repository that holds `infrastructure/`. */
  readonly url: string;
  /** Branch, tag or commit. */
  readonly revision: string;
}
