using System.Buffers.Text;
using System.Security.Cryptography;
using AuthService.Audit;
using AuthService.Configuration;
using AuthService.People;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// Creates the administrator of section <c>Bootstrap</c> in an empty store. A random password is never logged. In Development it is printed once to
/// standard output. Elsewhere, where output is kept, it is written to a file that only its owner can read.
/// </summary>
internal sealed class FirstAdministrator(
    PrincipalStore store, PrincipalAdministration principals, IOptions<BootstrapOptions> options, IHostEnvironment environment)
{
    private const int RandomBytes = 18;

    public async Task CreateIfMissingAsync(CancellationToken cancellation)
    {
        if (await store.AnyAsync(cancellation))
            return;
        var admin = options.Value.Admin;
        if (!string.IsNullOrEmpty(admin.Password))
            _ = await TryCreateAsync(admin.Password, admin.PasswordIsTemporary);
        else if (environment.IsDevelopment())
            await CreateAndPrintAsync(NewPassword());
        else
            await CreateAndFileAsync(NewPassword(), Path.Combine(environment.ContentRootPath, admin.PasswordFile));
    }

    private static string NewPassword() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <returns>Whether this instance created the administrator.</returns>
    private async Task<bool> TryCreateAsync(string text, bool isTemporary = true)
    {
        if (!PrincipalName.TryParse(options.Value.Admin.Id, out var name) || !Password.TryParse(text, out var password))
#pragma warning disable MA0054 // an inner exception of the file system would count as a failure of the store
            throw new InvalidOperationException("The settings of the first administrator were not checked");
        var details = new PrincipalUpdate { PasswordResetRequested = isTemporary };
        var wanted = new NewPrincipal(name, PrincipalType.Person, Role.Admin) { Password = password, Details = details };
        return await principals.CreateAsync(wanted, AuditActor.Service, HashingCaller.Local) switch
        {
            CreateOutcome.Created => true,
            CreateOutcome.Refused(var fault) => throw new InvalidOperationException($"{BootstrapOptions.Section}:Admin: {fault}"),
            _ => false,
        };
    }

    private async Task CreateAndPrintAsync(string password)
    {
        if (await TryCreateAsync(password))
            await PrintAsync($"Password (shown this once; the first sign-in requests another one): {password}");
    }

    /// <summary>
    /// Writes the password file before it creates the administrator, and gives the file its name afterwards: another instance may create the
    /// administrator first.
    /// </summary>
    private async Task CreateAndFileAsync(string password, string path)
    {
        var written = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}"; // a process id would be the same in all containers
        Write(written, password);
        try
        {
            if (!await TryCreateAsync(password))
                return;
            File.Move(written, path, overwrite: true);
            await PrintAsync($"The password is in {path}, which only its owner can read. The first sign-in requests another; then delete the file");
        }
        finally
        {
            File.Delete(written);
        }
    }

    private static void Write(string path, string password)
    {
        try
        {
            PrivateFile.Write(path, password);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not an error of the store, which the start would wait for.
            throw new InvalidOperationException(
                $"{BootstrapOptions.PasswordKey} is not set, and a random password cannot be kept in {path}: {error.Message}; "
                + $"see {BootstrapOptions.PasswordFileKey}");
#pragma warning restore MA0054
        }
    }

    private Task PrintAsync(string text) =>
        Console.Out.WriteLineAsync($"{Environment.NewLine}The administrator \"{options.Value.Admin.Id}\" was made. {text}{Environment.NewLine}");
}
