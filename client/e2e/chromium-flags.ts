// What Chromium is started with in every test of ours: without a screen, sandbox or network of its own.
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];
