import CommandLine
import Commands
import Glibc

@main
struct WattIf {
  static func main() {
    exit(Tool.wattif.main(defaults: Tool.defaults))
  }
}
