import type { SkepClient } from '@skep/client';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Route, Router, Switch } from 'wouter';
import { basePath, lastPart } from './base.js';
import { Feed } from './feed/Feed.js';
import { needsToken, openClient, savedToken, saveToken } from './feed/session.js';
import { FeedContext } from './feed/useFeed.js';
import { LoginPage } from './pages/LoginPage.js';
import { NotFoundPage } from './pages/NotFoundPage.js';
import { OverviewPage } from './pages/OverviewPage.js';
import { Shell } from './parts/Shell.js';
import { Failed, Skeleton } from './parts/States.js';

// Each page is loaded when it is looked at, or soon after the first, so that it is there also while the queen is away.
const loadPages = {
  job: () => import('./pages/JobPage.js'),
  jobs: () => import('./pages/JobsPage.js'),
  drone: () => import('./pages/DronePage.js'),
  drones: () => import('./pages/DronesPage.js'),
  projects: () => import('./pages/ProjectsPage.js'),
  project: () => import('./pages/ProjectPage.js'),
  artifacts: () => import('./pages/ArtifactsPage.js'),
  compare: () => import('./pages/ComparePage.js'),
  newJob: () => import('./pages/NewJobPage.js'),
  schedules: () => import('./pages/SchedulesPage.js'),
  schedule: () => import('./pages/SchedulePage.js'),
  settings: () => import('./pages/SettingsPage.js'),
};
const JobPage = lazy(async () => ({ default: (await loadPages.job()).JobPage }));
const JobsPage = lazy(async () => ({ default: (await loadPages.jobs()).JobsPage }));
const DronePage = lazy(async () => ({ default: (await loadPages.drone()).DronePage }));
const DronesPage = lazy(async () => ({ default: (await loadPages.drones()).DronesPage }));
const ProjectsPage = lazy(async () => ({ default: (await loadPages.projects()).ProjectsPage }));
const ProjectPage = lazy(async () => ({ default: (await loadPages.project()).ProjectPage }));
const ArtifactsPage = lazy(async () => ({ default: (await loadPages.artifacts()).ArtifactsPage }));
const ComparePage = lazy(async () => ({ default: (await loadPages.compare()).ComparePage }));
const NewJobPage = lazy(async () => ({ default: (await loadPages.newJob()).NewJobPage }));
const SchedulesPage = lazy(async () => ({ default: (await loadPages.schedules()).SchedulesPage }));
const SchedulePage = lazy(async () => ({ default: (await loadPages.schedule()).SchedulePage }));
const SettingsPage = lazy(async () => ({ default: (await loadPages.settings()).SettingsPage }));

const Loading = () => (
  <>
    <h1 className="visually-hidden">Skep</h1>
    <Skeleton />
  </>
);

const LOAD_REST_MS = 500;

/** Loads what was not looked at yet; one that cannot be loaded now is tried again when it is looked at. */
function loadRest(): void {
  for (const load of Object.values(loadPages)) void load().catch(() => undefined);
}

type Entry =
  | { state: 'asking' }
  | { state: 'outside'; error?: unknown }
  | { state: 'failed'; error: unknown }
  | { state: 'inside'; feed: Feed };

/** Asks the queen who may come in, then shows the pages. */
export function App() {
  const queries = useQueryClient();
  const [entry, setEntry] = useState<Entry>({ state: 'asking' });
  const [token, setToken] = useState(savedToken);
  const [tries, setTries] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    let isOver = false;
    const client: SkepClient = openClient(token);
    const feed = new Feed(client);
    const stop = queries.getQueryCache().subscribe(({ query }) => {
      if (needsToken(query.state.error)) setEntry({ state: 'outside', error: query.state.error });
    });
    client.drones().then(
      () => {
        if (isOver) return;
        saveToken(token);
        feed.start();
        setEntry({ state: 'inside', feed });
        setTimeout(loadRest, LOAD_REST_MS);
      },
      (error: unknown) => {
        if (!isOver) setEntry(needsToken(error) ? { state: 'outside', ...(token !== undefined && { error }) } : { state: 'failed', error });
      },
    );
    return () => {
      isOver = true;
      stop();
      feed.close();
    };
  }, [token, tries, queries]);

  if (entry.state === 'asking') return null;
  if (entry.state === 'outside')
    return (
      <LoginPage
        error={entry.error}
        onToken={(given) => {
          queries.clear();
          setToken(given);
          setTries(tries + 1);
        }}
      />
    );
  if (entry.state === 'failed')
    return (
      <main className="alone">
        <h1>Skep</h1>
        <Failed what="The queen does not answer." error={entry.error} onRetry={() => setTries(tries + 1)} />
      </main>
    );
  const leave = (): void => {
    saveToken(undefined);
    queries.clear();
    setToken(undefined);
    setTries(tries + 1);
  };
  return (
    <FeedContext value={entry.feed}>
      <Router base={basePath}>
        <Shell>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/" component={OverviewPage} />
              <Route path="/jobs" component={JobsPage} />
              <Route path="/jobs/new" component={NewJobPage} />
              <Route path="/jobs/:id/attempts/:attempt">
                {({ id, attempt }) => <JobPage key={id} id={id} attempt={Number(attempt)} />}
              </Route>
              <Route path="/jobs/:id">{({ id }) => <JobPage key={id} id={id} />}</Route>
              <Route path="/projects" component={ProjectsPage} />
              <Route path="/projects/:name">{({ name }) => <ProjectPage key={name} name={lastPart()} />}</Route>
              <Route path="/artifacts" component={ArtifactsPage} />
              <Route path="/compare" component={ComparePage} />
              <Route path="/drones" component={DronesPage} />
              <Route path="/drones/:id">{({ id }) => <DronePage key={id} id={id} />}</Route>
              <Route path="/schedules" component={SchedulesPage} />
              <Route path="/schedules/:name">{({ name }) => <SchedulePage key={name} name={name} />}</Route>
              <Route path="/settings/:part?">
                {({ part }) => <SettingsPage part={part ?? 'tokens'} hasToken={token !== undefined} onLeave={leave} />}
              </Route>
              <Route component={NotFoundPage} />
            </Switch>
          </Suspense>
        </Shell>
      </Router>
    </FeedContext>
  );
}
