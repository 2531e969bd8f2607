import { describe } from '@jest/globals';
import { testPage } from './runPage.js';

describe('README.md', () => testPage('README.md'));
