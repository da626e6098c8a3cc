import fc from 'fast-check'

// The usual run draws the same cases every time, so that a red one means a change; the full run draws new ones.
if (process.env['AMPARO_FULL'] !== '1') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 58_137 })
