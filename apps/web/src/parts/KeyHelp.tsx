import { useState } from 'react';
import { areKeysOff, keyHelp, setKeysOff } from '../keys.js';
import { Dialog } from './Dialog.js';

/** All keys, and a switch for those that act without Ctrl. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const [isOff, setOff] = useState(areKeysOff);
  return (
    <Dialog title="Keys" onClose={onClose} className="is-wide">
      <div className="key-help">
        {keyHelp.map(({ where, keys }) => (
          <section key={where}>
            <h3>{where}</h3>
            <dl>
              {keys.map(([key, meaning]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={!isOff}
          onChange={(event) => {
            setKeysOff(!event.target.checked);
            setOff(!event.target.checked);
          }}
        />
        Single keys do something
      </label>
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
