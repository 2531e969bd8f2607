import type { ArtifactInfo } from '@skep/protocol';
import { ChevronDown, ChevronRight, Download } from 'lucide-react';
import { useState } from 'react';
import { useFeed } from '../feed/useFeed.js';
import { useNotices } from '../parts/notices.js';
import { count, size } from '../words.js';
import { saveArtifact } from './download.js';
import { type Folder, pathsIn } from './tree.js';

interface Props {
  tree: Folder;
  selected: ReadonlySet<string>;
  onSelect: (paths: ReadonlySet<string>) => void;
  onOpen: (path: string) => void;
  /** Whether nothing can be downloaded now. */
  isOff: boolean;
}

/** Of more files, folders are shut at first. */
const OPEN_FILES = 50;

/** Files in their folders, each to be looked at, kept, or selected. */
export function ArtifactTree(props: Props) {
  return (
    <ul className="artifact-tree">
      <Inside {...props} folder={props.tree} />
    </ul>
  );
}

function Inside({ folder, ...props }: Props & { folder: Folder }) {
  return (
    <>
      {folder.folders.map((each) => (
        <FolderRow key={each.path} {...props} folder={each} />
      ))}
      {folder.leaves.map(({ name, artifact }) => (
        <FileRow key={artifact.path} {...props} name={name} artifact={artifact} />
      ))}
    </>
  );
}

function FolderRow({ folder, ...props }: Props & { folder: Folder }) {
  const [isOpen, setOpen] = useState(props.tree.files <= OPEN_FILES);
  const paths = pathsIn(folder);
  const among = paths.filter((path) => props.selected.has(path)).length;
  const Icon = isOpen ? ChevronDown : ChevronRight;
  const toggle = (): void => {
    const next = new Set(props.selected);
    for (const path of paths) among === paths.length ? next.delete(path) : next.add(path);
    props.onSelect(next);
  };
  return (
    <li>
      <div className="artifact-row">
        <Select name={folder.path} isOn={among === paths.length} isPart={among > 0 && among < paths.length} onToggle={toggle} />
        <button type="button" className="artifact-folder" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon size={16} aria-hidden="true" />
          <span className="title">{folder.name}/</span>
        </button>
        <span className="number faint" title={count(folder.files, 'file')}>
          {size(folder.bytes)}
        </span>
      </div>
      {isOpen && (
        <ul>
          <Inside {...props} folder={folder} />
        </ul>
      )}
    </li>
  );
}

function FileRow({ name, artifact, ...props }: Props & { name: string; artifact: ArtifactInfo }) {
  const { client } = useFeed();
  const notices = useNotices();
  const { path, mediaType, sha256 } = artifact;
  const toggle = (): void => {
    const next = new Set(props.selected);
    if (!next.delete(path)) next.add(path);
    props.onSelect(next);
  };
  const save = (): void => void saveArtifact(client, artifact).catch((error: unknown) => notices.fail('Not downloaded', error));
  return (
    <li>
      <div className="artifact-row">
        <Select name={path} isOn={props.selected.has(path)} onToggle={toggle} />
        <button type="button" className="artifact-file" onClick={() => props.onOpen(path)}>
          <span className="title">{name}</span>
          <span className="job-note">
            {mediaType} · <span title={`SHA-256 ${sha256}`}>{sha256.slice(0, 8)}</span>
          </span>
        </button>
        <span className="number faint">{size(artifact.size)}</span>
        <button type="button" className="icon-button" aria-label={`Download ${path}`} disabled={props.isOff} onClick={save}>
          <Download size={16} aria-hidden="true" />
        </button>
      </div>
    </li>
  );
}

function Select(props: { name: string; isOn: boolean; isPart?: boolean; onToggle: () => void }) {
  return (
    <label className="artifact-tick">
      <input
        type="checkbox"
        checked={props.isOn}
        ref={(box) => {
          if (box) box.indeterminate = props.isPart === true;
        }}
        onChange={props.onToggle}
      />
      <span className="visually-hidden">Select {props.name}</span>
    </label>
  );
}
