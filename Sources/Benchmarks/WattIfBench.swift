@main
struct WattIfBench {
  static func main() {}
}
