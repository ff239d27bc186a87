using AuthService.Storage;

namespace AuthService.Mail;

/// <summary>Wakes the worker when a mail was committed.</summary>
internal sealed class MailWakeUp : WakeUp;
