using AuthService.Storage;

namespace AuthService.Mail;

/// <summary>A mail was committed.</summary>
internal sealed class MailWakeUp : WakeUp;
