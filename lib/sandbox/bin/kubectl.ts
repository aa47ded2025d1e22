/** The sandbox's kubectl, for machines that have none. */
console.error('error: not yet')
process.exitCode = 1
