import { useState } from 'react';
import { areMineWatched, askLeave, canNotify, setMineWatched, setWatched, watchedJobs } from '../feed/watching.js';
import { areKeysOff, setKeysOff } from '../keys.js';
import { count } from '../words.js';
import { useNotices } from './notices.js';

/** What this browser alone keeps. */
export function Browser() {
  const notices = useNotices();
  const [isOn, setOn] = useState(areMineWatched);
  const [keysOff, setOff] = useState(areKeysOff);
  const [watched, setAll] = useState(watchedJobs);
  const set = async (wanted: boolean): Promise<void> => {
    if (wanted && !(await askLeave())) {
      notices.say('This browser does not let the page show notifications; its settings for this address can be changed.');
      return;
    }
    setMineWatched(wanted);
    setOn(wanted);
  };
  return (
    <>
      <h2>Notifications</h2>
      {canNotify() ? (
        <label className="check">
          <input type="checkbox" checked={isOn} onChange={(event) => void set(event.target.checked)} />
          Tell me when a job ends that I submitted in this browser
        </label>
      ) : (
        <p className="faint">Browsers show notifications only of pages that come by TLS, or from this machine.</p>
      )}
      {watched.length > 0 && (
        <p>
          {count(watched.length, 'job')} will be told of.{' '}
          <button
            type="button"
            className="button"
            onClick={() => {
              for (const id of watched) setWatched(id, false);
              setAll([]);
            }}
          >
            Forget them
          </button>
        </p>
      )}
      <h2>Keys</h2>
      <label className="check">
        <input
          type="checkbox"
          checked={!keysOff}
          onChange={(event) => {
            setKeysOff(!event.target.checked);
            setOff(!event.target.checked);
          }}
        />
        Single keys do something; <kbd>?</kbd> shows which
      </label>
    </>
  );
}
