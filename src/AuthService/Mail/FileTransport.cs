using System.Globalization;
using AuthService.Configuration;
using MimeKit;

namespace AuthService.Mail;

/// <summary>Writes each mail to a file and its link to the console. It is used in Development without a server.</summary>
internal sealed class FileTransport(string folder) : IMailTransport
{
    public const string Folder = "data/mail";

    public Task ConnectAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<MailDelivery> SendAsync(MimeMessage message, MailContent content, CancellationToken cancellation)
    {
        var time = message.Date.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = Path.Combine(folder, $"{time}-{message.MessageId!.Split('@')[0]}.eml");
        PrivateFile.CreateFolderOf(path);
        await using (var file = PrivateFile.Open(path, FileMode.Create))
            await message.WriteToAsync(file, cancellation);
        var link = content.Fields.GetValueOrDefault(MailField.Link);
        await Console.Out.WriteLineAsync(OneLine.Of($"Mail to {content.Address}: \"{message.Subject}\" {link} ({path})"));
        return new MailDelivery.Sent();
    }

    public MailDelivery? Explain(Exception error) =>
        error is IOException or UnauthorizedAccessException ? new MailDelivery.Unreachable($"the folder cannot be written: {error.Message}") : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
