import { Moon, Plus, Search, Sun, SunMoon } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { basePath } from '../base.js';
import { useEndNotices } from '../feed/useEndNotices.js';
import { useFeed, useNow, useQueue } from '../feed/useFeed.js';
import { listenForPrefixes, useKeys } from '../keys.js';
import { setTheme, type Theme, theme } from '../theme.js';
import { span } from '../words.js';
import { Boundary } from './Boundary.js';
import { KeyHelp } from './KeyHelp.js';
import { Palette } from './Palette.js';

/** What is around every page: where one is, how the connection stands, and how to get elsewhere. */
export function Shell({ children }: { children: ReactNode }) {
  const [path, navigate] = useLocation();
  const [open, setOpen] = useState<'palette' | 'keys' | undefined>();
  const { active, activeIsPart, drones } = useQueue();
  const connected = [...drones.values()].filter(({ connectedAt }) => connectedAt !== null).length;
  useEffect(listenForPrefixes, []);
  // Where the menu is wider than the window.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place changes with the path
  useEffect(() => {
    document.querySelector('.top nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path]);
  useEndNotices();
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen('palette');
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, []);
  useKeys({
    'g o': () => navigate('/'),
    'g j': () => navigate('/jobs'),
    'g p': () => navigate('/projects'),
    'g a': () => navigate('/artifacts'),
    'g d': () => navigate('/drones'),
    'g s': () => navigate('/schedules'),
    'g ,': () => navigate('/settings'),
    c: () => navigate('/jobs/new'),
    '?': () => setOpen('keys'),
  });
  const jobCount = active.size === 0 ? '' : `${active.size}${activeIsPart ? '+' : ''}`;
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <Link href="/" className="home">
          <img src={`${basePath}/icons/skep.svg`} alt="" width="22" height="22" />
          skep
        </Link>
        <nav aria-label="Main">
          <Place href="/" path={path} isExact>
            Overview
          </Place>
          <Place href="/jobs" path={path} badge={jobCount} badgeMeaning="not done">
            Jobs
          </Place>
          <Place href="/projects" path={path}>
            Projects
          </Place>
          <Place href="/drones" path={path} badge={drones.size === 0 ? '' : `${connected}/${drones.size}`} badgeMeaning="connected">
            Drones
          </Place>
          <Place href="/schedules" path={path}>
            Schedules
          </Place>
          <Place href="/artifacts" path={path}>
            Artifacts
          </Place>
          <Place href="/settings" path={path}>
            Settings
          </Place>
        </nav>
        <div className="tools">
          <Link href="/jobs/new" className="button is-main">
            <Plus size={16} aria-hidden="true" />
            <span className="wide-only">New job</span>
            <span className="visually-hidden narrow-only">New job</span>
          </Link>
          <button type="button" className="button" onClick={() => setOpen('palette')}>
            <Search size={16} aria-hidden="true" />
            <span className="visually-hidden">Go to anything</span>
            <kbd className="wide-only">Ctrl K</kbd>
          </button>
          <Connection />
          <ThemeSwitch />
        </div>
      </header>
      <Banners />
      <main id="main" tabIndex={-1}>
        <Boundary key={path}>{children}</Boundary>
      </main>
      {open === 'palette' && <Palette onClose={() => setOpen(undefined)} />}
      {open === 'keys' && <KeyHelp onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Place(props: { href: string; path: string; isExact?: boolean; badge?: string; badgeMeaning?: string; children: ReactNode }) {
  const { href, path, isExact = false, badge = '', badgeMeaning = '' } = props;
  const isHere = isExact ? path === href : path === href || path.startsWith(`${href}/`);
  return (
    <Link href={href} aria-current={isHere ? 'page' : undefined}>
      {props.children}
      {badge !== '' && (
        <span className="badge">
          {badge}
          <span className="visually-hidden"> {badgeMeaning}</span>
        </span>
      )}
    </Link>
  );
}

/** Whether what is shown is live. */
function Connection() {
  const { connection, since } = useQueue();
  const now = useNow(1000);
  if (connection === 'live')
    return (
      <span className="connection is-live" role="status">
        <span aria-hidden="true">●</span>
        <span className="wide-only">live</span>
      </span>
    );
  return (
    <span className="connection" role="status">
      <span aria-hidden="true">○</span>
      {connection === 'lost' ? `away ${span(now - since)}` : 'connecting'}
    </span>
  );
}

function Banners() {
  const { connection, since, newVersion, returns } = useQueue();
  const feed = useFeed();
  const [seenReturns, setSeenReturns] = useState(0);
  const now = useNow(1000);
  useEffect(() => {
    if (returns === seenReturns) return;
    const timer = setTimeout(() => setSeenReturns(returns), 5000);
    return () => clearTimeout(timer);
  }, [returns, seenReturns]);
  return (
    <>
      {connection === 'lost' && now - since > 1000 && (
        <div className="banner is-warning" role="alert">
          The connection to {feed.client.url} is lost; trying again. What is shown is {span(now - since)} old; nothing will be missing when
          it is back.
        </div>
      )}
      {connection === 'live' && returns > seenReturns && (
        <div className="banner is-good" role="status">
          Connected again; everything is up to date.
        </div>
      )}
      {newVersion !== undefined && (
        <div className="banner" role="status">
          The queen is now version {newVersion}.{' '}
          <button type="button" className="button" onClick={() => location.reload()}>
            Reload this page
          </button>
        </div>
      )}
    </>
  );
}

const nextTheme: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const themeIcons = { system: SunMoon, light: Sun, dark: Moon };

function ThemeSwitch() {
  const [current, setCurrent] = useState(theme);
  const Icon = themeIcons[current];
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Theme: ${current}; switch to ${nextTheme[current]}`}
      title={`Theme: ${current}`}
      onClick={() => {
        setTheme(nextTheme[current]);
        setCurrent(nextTheme[current]);
      }}
    >
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}
