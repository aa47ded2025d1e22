/** What is worked out of an object that is never changed in place is worked out once, and forgotten with the object. */
export function memo<Key extends object, Value>(workOut: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { value: Value }>()
  return (key) => {
    const before = known.get(key)
    if (before) return before.value
    const value = workOut(key)
    known.set(key, { value })
    return value
  }
}
