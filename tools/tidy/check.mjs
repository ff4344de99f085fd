// All rules, in the order in which their findings are worth reading.
import { dependencies, folderReadmes, packagesListed } from './dependencies.mjs';
import { leftOver, links, promises, ruleIds, silencing, whitespace } from './prose.mjs';
import { purity } from './purity.mjs';
import { fileLength, headers, untested } from './shape.mjs';

const rules = [dependencies, purity, ruleIds, leftOver, silencing, links, promises, packagesListed, folderReadmes, fileLength, untested, headers, whitespace];

/** Findings of every rule over `files`, a Map from path to text. */
export const check = (files) => rules.flatMap((rule) => rule(files));
