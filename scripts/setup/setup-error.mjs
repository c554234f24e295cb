/** A problem of the machine or the command line, with the way out. Printed without a stack. */
export class SetupError extends Error {
  /**
   * @param {string} message what is wrong, with the offending value
   * @param {string} hint an imperative a newcomer can follow
   */
  constructor(message, hint) {
    super(message);
    this.name = "SetupError";
    this.hint = hint;
  }
}
