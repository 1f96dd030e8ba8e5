/**
 * The element at a place where one must be; negative places count from the end.
 * @throws {RangeError} where there is none: the caller's reckoning is wrong, and a guess would go on in all that follows
 */
export function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index < 0 ? values.length + index : index];
  if (value === undefined) throw new RangeError(`There is no element ${index} among ${values.length}.`);
  return value;
}
