extension VP9Descriptor {
    /// Whether the picture begins with this packet: the first one of the lowest spatial layer.
    ///
    /// A forwarder may have taken lower layers away where the rest does not depend on them: then the
    /// lowest that is left begins it, and it depends on no other.
    package var startsFrame: Bool { startsLayer && (spatialLayer ?? 0 == 0 || !dependsOnLowerLayer) }

    /// Whether a key frame begins with this packet.
    package var startsKeyframe: Bool { startsLayer && !isInterPicture && spatialLayer ?? 0 == 0 }

    func info(marker: Bool) -> PayloadInfo {
        PayloadInfo(
            startsFrame: startsFrame, endsFrame: marker, isKeyframe: startsKeyframe, pictureID: pictureID,
            tl0PictureIndex: tl0PictureIndex, temporalLayer: temporalLayer, spatialLayer: spatialLayer,
            isLayerSync: isSwitchingPoint, size: size)
    }
}
