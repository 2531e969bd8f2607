import { describe } from '@jest/globals';
import { testPage } from './runPage.js';

describe('docs/from-builder.md', () => testPage('docs/from-builder.md'));
