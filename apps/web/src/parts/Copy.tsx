import { Check, Copy as CopyIcon } from 'lucide-react';
import { useState } from 'react';
import { useNotices } from './notices.js';

/** Puts text on the clipboard; also where the page came without TLS and browsers keep their clipboard shut. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  if (!isDone) throw new Error('the browser does not let this page copy');
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const notices = useNotices();
  const [isDone, setDone] = useState(false);
  const Icon = isDone ? Check : CopyIcon;
  const copy = async (): Promise<void> => {
    try {
      await copyText(text);
      setDone(true);
      setTimeout(() => setDone(false), 2000);
    } catch (error) {
      notices.fail('Not copied', error);
    }
  };
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <Icon size={16} aria-hidden="true" />
      {isDone ? 'Copied' : label}
    </button>
  );
}

/** A command to copy. */
export function CommandLine({ text }: { text: string }) {
  return (
    <div className="command-line">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what may be wider than its box must be scrollable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} label="Copy" />
    </div>
  );
}
