@main
struct WattIf {
  static func main() {}
}
