using AuthService.Configuration;
using AuthService.Notices;
using AuthService.SignIn.Devices;
using AuthService.SignIn.IdentityProviders;
using AuthService.SignIn.Passkeys;
using AuthService.SignIn.Recovery;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn;

internal static class SignInSetup
{
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<LoginServiceOptions, LoginServiceOptionsValidator>(configuration.GetSection(LoginServiceOptions.Section));
        services.AddSingleton<SignInMetrics>();
        services.AddScoped<LockoutStore>();
        services.AddCleanUp<LockoutRow>(nameof(LockoutRow.ForgetAt), "lockouts");
        services.AddScoped<Lockout>();
        services.AddScoped<PasswordResetStore>();
        services.AddCleanUp<PasswordResetRecord>(nameof(PasswordResetRecord.ExpireAt), "password resets");
        services.AddScoped<PasswordResetService>();
        services.AddSingleton<SignInSites>();
        services.AddSingleton<TotpSecrets>();
        services.AddScoped<SecondFactorStore>();
        services.AddScoped<SignInChallengeStore>();
        services.AddCleanUp<SignInChallenge>(nameof(SignInChallenge.ExpireAt), "sign-in challenges");
        services.AddScoped<SecondFactorReports>();
        services.AddScoped<CodeVerifier>();
        services.AddScoped<OwedFactors>();
        services.AddScoped<FactorChanges>();
        services.AddScoped<FactorConnection>();
        services.AddScoped<SecondFactorService>();
        services.AddScoped<SecondFactorRemoval>();
        services.AddScoped<ChallengeAnswerService>();
        services.AddScoped<PasswordProof>();
        services.AddScoped<SessionProof>();
        services.AddScoped<ReauthenticationService>();
        services.AddPasskeys(configuration);
        services.AddIdentityProviders(configuration);
        services.AddRecovery(configuration);
        services.AddScoped<KnownDeviceStore>();
        services.AddCleanUp<KnownDevice>(nameof(KnownDevice.ExpireAt), "known devices");
        services.AddScoped<KnownDevices>();
        services.AddScoped<SignInObstacles>();
        services.AddScoped<SignInCompletion>();
        services.AddScoped<SignInService>();
        services.AddScoped<PasswordChangeService>();
        return services;
    }

    private static void AddRecovery(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RecoveryOptions>(configuration.GetSection(RecoveryOptions.Section));
        services.AddSingleton<RecoveryWakeUp>();
        services.AddScoped<RecoveryStore>();
        services.AddCleanUp<RecoveryRequest>(nameof(RecoveryRequest.ExpireAt), "requests for a new password");
        services.AddScoped<PasswordResetMails>();
        services.AddScoped<PasswordRecovery>();
        services.AddScoped<AddressConfirmationStore>();
        services.AddCleanUp<AddressConfirmation>(nameof(AddressConfirmation.ExpireAt), "links to confirm an address");
        services.AddScoped<AccountRevocation>();
        services.AddScoped<AddressMails>();
        services.AddScoped<AddressChange>();
        services.AddScoped<NotMeUndo>();
        services.AddScoped<NotMeService>();
    }

    private static void AddIdentityProviders(this IServiceCollection services, IConfiguration configuration)
    {
        AppContext.SetSwitch("Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking", isEnabled: true); // a sign-in waits for new keys and uses them
        services.AddSettings<IdentityProviderOptions, IdentityProviderOptionsValidator>(configuration.GetSection(IdentityProviderOptions.Section));
        services.AddSingleton<ProviderConnections>();
        services.AddSingleton<ProviderProtocol>();
        services.AddScoped<ProviderCeremonies>();
        services.AddScoped<IdentityLinkStore>();
        services.AddScoped<NewPeople>();
        services.AddScoped<LinkingByAddress>();
        services.AddScoped<LinkedPeople>();
        services.AddScoped<ProviderReports>();
        services.AddScoped<ProviderSignInService>();
        services.AddSingleton<LogoutTokenVerifier>();
        services.AddScoped<ProviderLogoutService>();
        services.AddScoped<WaysToSignIn>();
        services.AddScoped<IdentityLinkService>();
        services.AddScoped<IdentityLinking>();
        services.AddScoped<IdentityRemoval>();
    }

    private static void AddPasskeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<PasskeyOptions, PasskeyOptionsValidator>(configuration.GetSection(PasskeyOptions.Section));
        services.AddSingleton<RelyingParties>();
        services.AddIdentityCore<PasskeyOwner>();
        services.AddScoped<PasskeyUserStore>();
        services.AddScoped<IUserStore<PasskeyOwner>>(static provider => provider.GetRequiredService<PasskeyUserStore>());
        services.AddScoped<IPasskeyHandler<PasskeyOwner>>(provider => new PasskeyHandler<PasskeyOwner>(
            provider.GetRequiredService<UserManager<PasskeyOwner>>(),
            Options.Create(provider.GetRequiredService<RelyingParties>().ToFrameworkOptions())));
        services.AddScoped<PasskeyStore>();
        services.AddScoped<PasskeyCeremonies>();
        services.AddScoped<PasskeyReports>();
        services.AddScoped<PasskeySignInService>();
        services.AddScoped<PasskeyProof>();
        services.AddScoped<PasskeyService>();
        services.AddScoped<PasskeyRemoval>();
        services.AddScoped<PasskeyEnrolment>();
    }
}
