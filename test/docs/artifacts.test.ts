import { describe } from '@jest/globals';
import { testPage } from './runPage.js';

describe('docs/artifacts.md', () => testPage('docs/artifacts.md'));
