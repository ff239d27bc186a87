using System.Buffers.Text;
using System.Security.Cryptography;
using AuthService.Audit;
using AuthService.Principals;

namespace AuthService.Hosting;

/// <summary>
/// On an empty store, makes the administrator <c>Bootstrap:Admin:Id</c> (<c>admin</c>) with <c>Bootstrap:Admin:Password</c>,
/// or with a random password that is printed this once to standard output and not to the log.
/// </summary>
internal sealed class FirstAdministrator(PrincipalStore store, PrincipalService principals, IConfiguration configuration)
{
    private const int RandomBytes = 18;

    public async Task CreateIfMissingAsync(CancellationToken cancellation)
    {
        if (await store.AnyAsync(cancellation))
            return;
        var given = configuration["Bootstrap:Admin:Password"];
        var text = given ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        if (!PrincipalName.TryParse(configuration["Bootstrap:Admin:Id"] ?? "admin", out var name) || !Password.TryParse(text, out var password))
            throw new InvalidOperationException("Bootstrap:Admin:Id and Bootstrap:Admin:Password must be a possible name and password");
        switch (await principals.CreateAsync(new NewPrincipal(name, PrincipalType.Person, Role.Admin) { Password = password }, Deed.OfTheService))
        {
            case CreateOutcome.Created when given is null:
                await Console.Out.WriteLineAsync($"{Environment.NewLine}The administrator \"{name}\" was made. Password (shown this once): {text}{Environment.NewLine}");
                break;
            case CreateOutcome.Refused(var fault):
                throw new InvalidOperationException($"Bootstrap:Admin: {fault}");
        }
    }
}
