/** How one package manager is asked and told, as shell functions. */
export interface ManagerFunctions {
  /** `version_of NAME`: the versions installed, a line each; nothing where it is not. */
  readonly version: string;
  /** `newer_of NAME`: the version that would be installed instead, as far as the machine's index knows. */
  readonly newer: string;
  /**
   * `is_fresh`, `refresh` (which fails where the index can't be fetched alone; `$upgrade` then says what fetches it, with all
   * that is newer), `pin NAME VERSION`, and `install_now`, `pin_now`, `update_now`, `remove_now` with words: none
   * of them removes what it was not told to, but apk what was a dependency and is none any more; what would have to go is
   * put into `$gone` where the manager would not refuse by itself. `dependents NAMES` says the same of a removal.
   * Words that are no package's name, which a manager would take for something else (a pattern, a group, what several
   * packages provide), go into `$odd`, and nothing is installed. `keep_now NAMES` keeps what is there from going with what
   * it was installed for.
   */
  readonly functions: string;
}
