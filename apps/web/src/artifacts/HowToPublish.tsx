import type { ReactNode } from 'react';
import { CommandLine } from '../parts/Copy.js';

const job = `{
  "phases": { "test": ["make report"] },
  "artifacts": ["report/**", "*.log"]
}`;

/** In place of artifacts: why there are none, and how a job leaves some behind. */
export function HowToPublish({ children }: { children: ReactNode }) {
  return (
    <div className="how-to">
      <p>{children}</p>
      <p className="faint">A job names the files that it leaves behind, on the command line</p>
      <CommandLine text="skep run --artifact 'report/**' -- make report" />
      <p className="faint">or in what is submitted,</p>
      <CommandLine text={job} />
      <p className="faint">or while it runs, from within:</p>
      <CommandLine text="skep artifact put report/index.html" />
    </div>
  );
}
