import { CaseSensitive, ChevronDown, ChevronUp, Regex, Search as SearchIcon, TriangleAlert } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { count } from '../words.js';
import type { Controller, OutputState } from './Controller.js';
import type { OutputLoader } from './OutputLoader.js';

interface Props {
  input: RefObject<HTMLInputElement | null>;
  controller: RefObject<Controller | undefined>;
  loader: OutputLoader | undefined;
  state: OutputState;
  /** Somebody has had enough of it. */
  onLeave: () => void;
}

/** Searches an output, and leads through what is found and through its errors. */
export function OutputFind({ input, controller, loader, state, onLeave }: Props) {
  const [text, setText] = useState('');
  const [isRegex, setRegex] = useState(false);
  const [isCaseSensitive, setCaseSensitive] = useState(false);
  const [mistake, setMistake] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another output is searched for the same
  useEffect(() => {
    try {
      controller.current?.search({ text, isRegex, isCaseSensitive });
      setMistake('');
    } catch (error) {
      setMistake(error instanceof Error ? error.message : 'This is no regular expression');
    }
  }, [text, isRegex, isCaseSensitive, loader]);
  return (
    <>
      <search className="find">
        <SearchIcon size={16} aria-hidden="true" />
        <input
          ref={input}
          type="text"
          value={text}
          aria-label="Search the output"
          aria-invalid={mistake !== ''}
          placeholder={`search ${state.knownLines === 0 ? 'the output' : `all ${count(state.knownLines, 'line')}`}`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') controller.current?.nextHit(event.shiftKey ? -1 : 1);
            else if (event.key === 'Escape') {
              setText('');
              onLeave();
            }
          }}
        />
        <Toggle isOn={isRegex} label="Regular expression" onToggle={() => setRegex(!isRegex)}>
          <Regex size={16} aria-hidden="true" />
        </Toggle>
        <Toggle isOn={isCaseSensitive} label="Match case" onToggle={() => setCaseSensitive(!isCaseSensitive)}>
          <CaseSensitive size={16} aria-hidden="true" />
        </Toggle>
      </search>
      <span className="found" role="status">
        {mistake !== '' ? <span className="hue-red">{mistake}</span> : text !== '' ? foundWords(state) : ''}
      </span>
      {text !== '' && state.hits > 0 && <Steps what="hit" onStep={(step) => controller.current?.nextHit(step)} />}
      {state.errors > 0 && (
        <span className="errors">
          <TriangleAlert size={16} aria-hidden="true" />
          {count(state.errors, 'error')}
          <Steps what="error" onStep={(step) => controller.current?.nextError(step)} />
        </span>
      )}
    </>
  );
}

export function Toggle({ isOn, label, onToggle, children }: { isOn: boolean; label: string; onToggle: () => void; children: ReactNode }) {
  return (
    <button type="button" className="toggle" aria-pressed={isOn} aria-label={label} title={label} onClick={onToggle}>
      {children}
    </button>
  );
}

function Steps({ what, onStep }: { what: string; onStep: (step: 1 | -1) => void }) {
  return (
    <span className="steps">
      <button type="button" className="icon-button" aria-label={`Previous ${what}`} onClick={() => onStep(-1)}>
        <ChevronUp size={16} aria-hidden="true" />
      </button>
      <button type="button" className="icon-button" aria-label={`Next ${what}`} onClick={() => onStep(1)}>
        <ChevronDown size={16} aria-hidden="true" />
      </button>
    </span>
  );
}

function foundWords({ hits, hit, isSearching }: OutputState): string {
  const found = hit >= 0 ? `${(hit + 1).toLocaleString()} of ${hits.toLocaleString()}` : `${hits.toLocaleString()} found`;
  return isSearching ? `${found} …` : found;
}
