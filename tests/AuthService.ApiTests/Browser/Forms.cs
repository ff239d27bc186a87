using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;

namespace AuthService.ApiTests.Browser;

/// <summary>HTML forms, as pages without script send them.</summary>
public static class Forms
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Submit =
        """
        call => {
          const form = document.createElement('form');
          form.method = 'post';
          form.action = call.url;
          for (const [name, value] of Object.entries(call.fields))
            form.append(Object.assign(document.createElement('input'), { name, value }));
          document.body.append(form);
          form.submit();
        }
        """;

    /// <summary>Sends the browser itself to the service; gives the answer that it then shows.</summary>
    public static async Task<IResponse> SubmitFormAsync(this IPage page, string url, IReadOnlyDictionary<string, string> fields)
    {
        var left = new TaskCompletionSource();
        page.FrameNavigated += Leave;
        var response = await page.RunAndWaitForResponseAsync(() => page.EvaluateAsync(Submit, new { url, fields }), answer => answer.Url == url);
        await left.Task.WaitAsync(Patience); // a load state that is asked for earlier may be that of the page with the form
        page.FrameNavigated -= Leave;
        await page.WaitForLoadStateAsync();
        return response;

        void Leave(object? sender, IFrame frame) => left.TrySetResult();
    }

    public static Task<IResponse> SubmitLoginFormAsync(this IPage page, BrowserHost browser, Person person) =>
        page.SubmitFormAsync($"{browser.Service}/auth/login", Fetches.FormOf(person));
}
