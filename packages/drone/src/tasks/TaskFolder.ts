import { makeWorkspace, removeFolder, type Workspace } from '../workspace/Workspace.js';

/** The folder of a task, made when it is first asked for. */
export class TaskFolder {
  readonly #dataDir: string;
  readonly #attempt: { readonly id: string; readonly attempt: number };
  #workspace: Promise<Workspace> | undefined;

  constructor(dataDir: string, attempt: { readonly id: string; readonly attempt: number }) {
    this.#dataDir = dataDir;
    this.#attempt = attempt;
  }

  async path(): Promise<string> {
    this.#workspace ??= makeWorkspace(this.#dataDir, this.#attempt);
    return (await this.#workspace).code;
  }

  /** Removes it. What cannot be removed is left for cleanWorkspaces. */
  async remove(): Promise<void> {
    const workspace = await this.#workspace?.catch(() => undefined);
    if (workspace) await removeFolder(workspace.folder).catch(() => undefined);
  }
}
