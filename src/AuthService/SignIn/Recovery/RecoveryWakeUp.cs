using AuthService.Storage;

namespace AuthService.SignIn.Recovery;

/// <summary>Wakes the worker when a new password was requested.</summary>
internal sealed class RecoveryWakeUp : WakeUp;
