/// A number as a person would write it: whole numbers without `.0`.
package func plain(_ value: Double) -> String {
  value.magnitude < 1e15 && value == value.rounded() ? String(Int(value)) : String(value)
}
