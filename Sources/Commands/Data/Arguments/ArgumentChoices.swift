import CommandLine
import Documents
import Telemetry
import TimeSeries
import Twin

extension Chemistry: ArgumentChoice {}

extension Quantity: ArgumentChoice {}

extension LogFormat: ArgumentChoice {}

extension SlotLabel: ArgumentChoice {}

extension StampFormat: ArgumentChoice {}
