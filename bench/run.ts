/** `npm run bench`: what this project claims of its speed, measured side by side in one run. */
import { benchGrowth } from './growth.ts'
import { benchLesson } from './lesson.ts'
import { benchStart } from './start.ts'

await benchStart()
await benchLesson()
await benchGrowth()
