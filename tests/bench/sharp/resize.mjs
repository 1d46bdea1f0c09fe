// The same three sizes by sharp, on one core: decoded once, each size made from the one before, equal sizes encoded once.
// `node resize.mjs PICTURE FOLDER EFFORT QUALITY`: each line read is a run, each line written what it took.
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import sharp from 'sharp'

const [picture, folder, effort, quality] = process.argv.slice(2)
const SIDES = { large: 2048, medium: 1024, thumbnail: 320 }
const content = readFileSync(picture)
sharp.concurrency(1)
sharp.cache(false)

async function scaled(image, side) {
  const within = { fit: 'inside', withoutEnlargement: true }
  const { data, info } = await image.resize(side, side, within).raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  return { width, open: () => sharp(data, { raw: { width, height, channels } }) }
}

async function resized() {
  const files = {}
  let last = { width: 0, open: () => sharp(content).autoOrient(), file: null }
  for (const [name, side] of Object.entries(SIDES)) {
    const size = await scaled(last.open(), side)
    const same = size.width === last.width
    const file = same ? last.file : await size.open().webp({ quality: Number(quality), effort: Number(effort) }).toBuffer()
    last = { ...size, file }
    files[name] = file
  }
  return files
}

for await (const _ of createInterface({ input: process.stdin })) {
  const before = process.cpuUsage()
  const files = await resized()
  const { user, system } = process.cpuUsage(before)
  for (const [name, file] of Object.entries(files)) writeFileSync(`${folder}/${name}.webp`, file)
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
  console.log(JSON.stringify({ seconds: (user + system) / 1e6, megabytes: peak / 1000 }))
}
