import { Bell, BellRing } from 'lucide-react';
import { useState } from 'react';
import { askLeave, canNotify, isWatched, setWatched } from '../feed/watching.js';
import { useNotices } from './notices.js';

/** Whether this browser tells when the job ends. */
export function WatchButton({ id }: { id: string }) {
  const notices = useNotices();
  const [isOn, setOn] = useState(() => isWatched(id));
  if (!canNotify()) return null;
  const toggle = async (): Promise<void> => {
    if (isOn || (await askLeave())) {
      setWatched(id, !isOn);
      setOn(!isOn);
    } else notices.say('This browser does not let the page show notifications; its settings for this address can be changed.');
  };
  const Icon = isOn ? BellRing : Bell;
  return (
    <button type="button" className="button" aria-pressed={isOn} onClick={() => void toggle()} title="A notification when it ends">
      <Icon size={16} aria-hidden="true" />
      Notify me
    </button>
  );
}
