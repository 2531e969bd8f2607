interface FieldProps {
  id: string;
  label: string;
  value: string;
  rows?: number;
  list?: string;
  problem: React.ReactNode;
  onChange: (value: string) => void;
}

/** A field of a form, and what is wrong with it below. */
export function Field({ id, label, value, rows = 1, list, problem, onChange }: FieldProps) {
  const common = {
    id,
    value,
    spellCheck: false,
    'aria-invalid': problem !== undefined,
    'aria-describedby': problem === undefined ? undefined : `${id}-problem`,
  };
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {rows > 1 ? (
        <textarea {...common} rows={rows} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...common} type="text" list={list} onChange={(event) => onChange(event.target.value)} />
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} className="field-error">
          {problem}
        </p>
      )}
    </div>
  );
}
