/** An error of the command line itself, in the three parts that every error here has. */
export class CliError extends Error {
  override readonly name = 'CliError';

  /**
   * @param message what is wrong
   * @param why what the matter is, in the words of this case
   * @param hint what to do next
   */
  constructor(
    message: string,
    readonly why: string | undefined,
    readonly hint: string | undefined,
    readonly exit: number,
  ) {
    super(message);
  }
}
