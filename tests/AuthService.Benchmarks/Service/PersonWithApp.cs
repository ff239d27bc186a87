using OtpNet;

namespace AuthService.Benchmarks.Service;

/// <summary>A person with a connected authenticator app.</summary>
internal sealed record PersonWithApp(string Id, string Password, byte[] Secret)
{
    /// <summary>The current code (RFC 6238).</summary>
    public string Code => new Totp(Secret).ComputeTotp();

    public static async Task<PersonWithApp> MakeAsync(
        ServiceClient client, string adminToken, string id, string password, CancellationToken cancellationToken)
    {
        await client.CreatePersonAsync(adminToken, id, password, cancellationToken);
        var signIn = await client.LoginAsync(id, password, ServiceInstance.AppLoginService, cancellationToken);
        var (secret, challenge) = await client.BeginAppAsync(signIn.AccessToken, cancellationToken);
        var person = new PersonWithApp(id, password, Base32Encoding.ToBytes(secret));
        await client.AnswerAsync(challenge, person.Code, cancellationToken);
        return person;
    }
}
