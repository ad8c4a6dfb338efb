# Sourced: makes the virtual environment with the LiveKit Python SDK, the peer of the interop tests, once.
peer_environment="$PWD/.venv"
peer_packages=("livekit==1.2.0" "livekit-api" "numpy")
if [[ ! -f "$peer_environment/ready" ]]; then
    python3 -m venv "$peer_environment"
    "$peer_environment/bin/pip" install --quiet --disable-pip-version-check "${peer_packages[@]}"
    touch "$peer_environment/ready"
fi
export ROOMCLIENT_PYTHON="$peer_environment/bin/python"
