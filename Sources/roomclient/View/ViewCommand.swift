/// What a key in the window asks for.
enum ViewCommand: Hashable, Sendable {
    case leave
    case toggleMicrophone
    case toggleCamera
    case toggleDeafened
    case louder
    case quieter
    case toggleMirror
    case toggleFullscreen
    case nextPerson
    case person(Int)
    case toggleStatistics
    case savePicture
    case toggleHelp
    case closeOverlay
}
