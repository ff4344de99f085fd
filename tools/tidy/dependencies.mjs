// Folders may include only what server/CMakeLists.txt lists as their DEPS: under one include root a
// wrong #include would compile. Each folder's README repeats the list for its readers; both must agree.
import { eachLine, finding, isCpp } from './text.mjs';

/** `owp_folder(name DIR dir DEPS a b PACKAGES c)` of server/CMakeLists.txt, as folders by name. */
export function declaredFolders(files) {
  const folders = new Map();
  const text = files.get('server/CMakeLists.txt') ?? '';
  for (const [, name, dir, rest] of text.matchAll(/^owp_folder\((\w+) DIR (\S+?)(\s[^)]*)?\)/gm)) {
    const deps = /DEPS ([a-z ]+)/.exec(rest ?? '')?.[1].trim().split(/\s+/) ?? [];
    folders.set(name, { dir: `server/${dir}/`, deps });
  }
  return folders;
}

/** Libraries that belong to some folders alone, whatever the folders' DEPS. */
const reserved = [
  { header: /^boost\/beast/, folders: ['net'], remedy: 'bytes are net/: Beast is included only there' },
  { header: /^boost\/asio/, folders: ['net', 'app'], remedy: 'sockets and event loops are net/ and app/' },
  { header: /^(sys\/socket|netinet\/|arpa\/)/, folders: ['net'], remedy: 'sockets are net/' },
  { header: /^spdlog\//, folders: ['app'], remedy: 'only app/ logs; hand it a value or an effect' },
];

export function dependencies(files) {
  const folders = declaredFolders(files);
  const found = [];
  for (const [name, { dir, deps }] of folders) {
    eachLine(files, (path) => path.startsWith(dir) && isCpp(path), (line, number, path) => {
      const [, bracket, header] = /^\s*#\s*include\s*([<"])([^>"]+)/.exec(line) ?? [];
      if (!header) return;
      const target = header.split('/')[0];
      if (bracket === '"' && folders.has(target) && target !== name && !deps.includes(target))
        found.push(finding(path, number, `${name}/ may not depend on ${target}/ (server/CMakeLists.txt: ${deps.join(', ') || 'nothing'})`));
      const owner = reserved.find((entry) => entry.header.test(header));
      if (owner && !owner.folders.includes(name)) found.push(finding(path, number, owner.remedy));
    });
  }
  return found;
}

export function folderReadmes(files) {
  const found = [];
  for (const { dir, deps } of declaredFolders(files).values()) {
    if (![...files.keys()].some((path) => path.startsWith(dir) && isCpp(path))) continue;
    const path = `${dir}README.md`;
    const text = files.get(path);
    if (text === undefined) {
      found.push(finding(path, 1, 'every folder has a README: purpose, may depend on, must not'));
      continue;
    }
    const stated = /^May depend on: (.*)\.$/m.exec(text)?.[1] ?? '(no such line)';
    const expected = deps.map((dep) => `${dep}/`).join(', ') || 'nothing of ours';
    if (stated !== expected) found.push(finding(path, 1, `"May depend on: ${expected}." is what server/CMakeLists.txt says; here: ${stated}`));
    if (!/^Must not: /m.test(text)) found.push(finding(path, 1, 'says nothing about what the folder must not do ("Must not: …")'));
  }
  return found;
}

const packagesPage = 'docs/developers/dependencies.md';

/** Every package that is declared anywhere is on the page of dependencies, by name, and by version where ours is exact. */
export function packagesListed(files) {
  const page = files.get(packagesPage) ?? '';
  const listed = (text) => new RegExp(`(^|[\\s|(])${text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}([\\s|,)]|$)`, 'm').test(page);
  const found = [];
  const want = (path, line, ...texts) => {
    for (const text of texts) if (!listed(text)) found.push(finding(path, line, `${text} is not in ${packagesPage}: name it with version and licence`));
  };
  for (const [path, text] of files)
    text.split('\n').forEach((line, at) => {
      if (path === 'tools/apt-packages.txt' && /^[a-z]/.test(line)) want(path, at + 1, line.split(/\s+/)[1]);
      const npm = /(^client|^tools\/node)\/package\.json$/.test(path) && /^ {4}"([^"]+)": "(\d[^"]*)"/.exec(line);
      if (npm) want(path, at + 1, npm[1], npm[2]);
      const nuget = path.endsWith('.csproj') && /<PackageReference Include="([^"]+)" Version="([^"]+)"/.exec(line);
      if (nuget) want(path, at + 1, nuget[1], nuget[2]);
    });
  return found;
}
