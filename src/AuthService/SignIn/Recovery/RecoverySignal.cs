using AuthService.Storage;

namespace AuthService.SignIn.Recovery;

/// <summary>Somebody asked for a new password.</summary>
internal sealed class RecoverySignal : WakeUp;
