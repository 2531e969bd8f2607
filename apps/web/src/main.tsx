import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { newQueryClient } from './feed/queries.js';
import { NoticesAround } from './parts/notices.js';
import { applyTheme } from './theme.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/pages.css';
import './styles/output.css';

applyTheme();

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={newQueryClient()}>
        <NoticesAround>
          <App />
        </NoticesAround>
      </QueryClientProvider>
    </StrictMode>,
  );
