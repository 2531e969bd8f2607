import type { ArtifactInfo } from '@skep/protocol';

export interface Leaf {
  name: string;
  artifact: ArtifactInfo;
}

export interface Folder {
  /** Of more than one folder, where each but the last holds nothing else: `dist/assets`. */
  name: string;
  /** With a `/` at its end; empty for that which holds all. */
  path: string;
  folders: readonly Folder[];
  leaves: readonly Leaf[];
  /** Of all files in it, however deep. */
  files: number;
  bytes: number;
}

/** Artifacts, which come by path, in their folders. */
export function treeOf(artifacts: readonly ArtifactInfo[], path = '', name = ''): Folder {
  const leaves: Leaf[] = [];
  const within = new Map<string, ArtifactInfo[]>();
  for (const artifact of artifacts) {
    const rest = artifact.path.slice(path.length);
    const end = rest.indexOf('/');
    if (end === -1) leaves.push({ name: rest, artifact });
    else {
      const folder = rest.slice(0, end);
      const inside = within.get(folder);
      if (inside) inside.push(artifact);
      else within.set(folder, [artifact]);
    }
  }
  const folders = [...within].map(([each, inside]) => treeOf(inside, `${path}${each}/`, each));
  const [only] = folders;
  if (only && folders.length === 1 && leaves.length === 0 && name !== '') return { ...only, name: `${name}/${only.name}` };
  return { name, path, folders, leaves, files: artifacts.length, bytes: artifacts.reduce((sum, { size }) => sum + size, 0) };
}

/** The paths of all files in a folder, however deep. */
export const pathsIn = ({ folders, leaves }: Folder): string[] => [
  ...folders.flatMap(pathsIn),
  ...leaves.map(({ artifact }) => artifact.path),
];

/** What is selected, as an archive is asked for: whole folders where all of them is. */
export function selectionOf(folder: Folder, selected: ReadonlySet<string>): string[] {
  const paths = pathsIn(folder);
  if (folder.path !== '' && paths.every((path) => selected.has(path))) return [folder.path];
  return [
    ...folder.folders.flatMap((each) => selectionOf(each, selected)),
    ...folder.leaves.flatMap(({ artifact: { path } }) => (selected.has(path) ? [path] : [])),
  ];
}
