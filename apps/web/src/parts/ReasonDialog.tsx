import { type ReactNode, useId, useState } from 'react';
import { Dialog } from './Dialog.js';

interface Props {
  title: string;
  children: ReactNode;
  action: string;
  /** @param reason undefined where none was given */
  onConfirm: (reason: string | undefined) => void;
  onClose: () => void;
}

/** Asks before something is done that others will wonder about, and for why. */
export function ReasonDialog({ title, children, action, onConfirm, onClose }: Props) {
  const [reason, setReason] = useState('');
  const id = useId();
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(reason.trim() === '' ? undefined : reason.trim());
          onClose();
        }}
      >
        <p>{children}</p>
        <label htmlFor={id}>Reason, for others who wonder</label>
        <input id={id} type="text" maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" className="button is-main">
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
