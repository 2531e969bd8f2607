import type { FacetsAnswer, JobsFilter } from '@skep/protocol';
import { type RefObject, useId } from 'react';
import { shows } from '../feed/jobFilter.js';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { useLive } from '../feed/useLive.js';

const AGAIN_MS = 3000;

/** The filters of the list of jobs, each with how many jobs it would show. */
export function Facets(props: {
  filter: JobsFilter;
  show: string;
  /** What `f` leads to. */
  first: RefObject<HTMLInputElement | null>;
  onSet: (name: 'show' | 'project' | 'drone', value: string) => void;
}) {
  const { filter, show, first, onSet } = props;
  const { client } = useFeed();
  const { drones } = useQueue();
  const { data: facets } = useLive(['facets', filter], () => client.facets(filter), AGAIN_MS);
  // The list of a drone shows children too, which all others leave out; where that is the list itself, it is one question.
  const { parent: _, ...ofAny } = filter;
  const { data: byDrone } = useLive(['facets', ofAny], () => client.facets(ofAny), AGAIN_MS);
  const id = useId();
  const shownAs = (jobs: number): string => `${jobs.toLocaleString()}${facets?.isAll === false && jobs > 0 ? '+' : ''}`;
  const ofDrone = new Map(byDrone?.drones.map(({ drone, jobs }) => [drone, jobs]));
  const known = [...drones.values()].map(({ id: drone, name }) => ({ drone, name })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const gone = [...ofDrone.keys(), ...(filter.drone === undefined ? [] : [filter.drone])].filter((drone) => !drones.has(drone));
  return (
    <search className="facets">
      <fieldset>
        <legend className="visually-hidden">Status</legend>
        {shows.map(([value, words]) => {
          const jobs = facets && countOf(facets, value);
          return (
            <label key={value} className={`facet${show === value ? ' is-on' : jobs === 0 ? ' is-none' : ''}`}>
              <input
                type="radio"
                name={`${id}-show`}
                className="visually-hidden"
                checked={show === value}
                onChange={() => onSet('show', value)}
              />
              {words}
              {jobs !== undefined && <span className="badge">{shownAs(jobs)}</span>}
            </label>
          );
        })}
      </fieldset>
      <div className="facet-fields">
        <label>
          <span className="visually-hidden">Project</span>
          <input
            key={filter.project}
            ref={first}
            type="text"
            placeholder="any project"
            list={`${id}-projects`}
            defaultValue={filter.project ?? ''}
            onChange={(event) => {
              // One that is chosen from the list is meant at once.
              if (facets?.projects.some(({ project }) => project === event.target.value)) onSet('project', event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') onSet('project', event.currentTarget.value.trim());
            }}
            onBlur={(event) => {
              if (event.currentTarget.value.trim() !== (filter.project ?? '')) onSet('project', event.currentTarget.value.trim());
            }}
          />
          <datalist id={`${id}-projects`}>
            {facets?.projects.map(({ project, jobs }) => (
              <option key={project} value={project} label={`${project} (${shownAs(jobs)})`} />
            ))}
          </datalist>
        </label>
        <label>
          <span className="visually-hidden">Drone</span>
          <select value={filter.drone ?? ''} onChange={(event) => onSet('drone', event.target.value)}>
            <option value="">any drone</option>
            {[...known, ...new Set(gone)].map((each) => {
              const { drone, name } = typeof each === 'string' ? { drone: each, name: each } : each;
              return (
                <option key={drone} value={drone}>
                  {name} ({shownAs(ofDrone.get(drone) ?? 0)})
                </option>
              );
            })}
          </select>
        </label>
      </div>
    </search>
  );
}

/** How many jobs a word for status or outcome would show. */
export function countOf({ standings }: FacetsAnswer, show: string): number {
  const isMeant = ({ status, outcome }: FacetsAnswer['standings'][number]): boolean =>
    show === '' || (show === 'active' ? status !== 'done' : show === status || show === outcome);
  return standings.filter(isMeant).reduce((sum, { jobs }) => sum + jobs, 0);
}
