import Documents
import CommandLine
import Telemetry
import TimeSeries

extension Quantity: ArgumentChoice {}

extension LogFormat: ArgumentChoice {}

extension SlotLabel: ArgumentChoice {}

extension StampFormat: ArgumentChoice {}
